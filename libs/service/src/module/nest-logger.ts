import type { LoggerService } from '@nestjs/common';
import { logger, type Logger } from '@millrace/telemetry';

/** Sends what Nest says of itself to the fleet's logger; its chatter at start becomes debug. */
export class NestLogger implements LoggerService {
  private readonly target: Logger = logger('nest');

  log(message: unknown, ...rest: unknown[]): void {
    this.target.debug(named(rest), text(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const err = message instanceof Error ? { err: message } : {};
    this.target.error({ ...named(rest), ...err }, text(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.target.warn(named(rest), text(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.target.debug(named(rest), text(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.target.trace(named(rest), text(message));
  }
}

/** Nest's last argument is the class that speaks. */
function named(rest: readonly unknown[]): { context?: string } {
  const context = rest.at(-1);
  return typeof context === 'string' ? { context } : {};
}

function text(message: unknown): string {
  return message instanceof Error ? message.message : String(message);
}
