import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { refuses } from '../http/openapi.decorators.js';
import { routeSettings } from './route-settings.decorator.js';

/**
 * What a route asks of its caller: nothing (`open`), or a scope. Reading and writing are scopes of each service, such
 * as `order:write`; `ops` and `metrics` are the same for all.
 */
export type Access = 'open' | 'read' | 'write' | 'ops' | 'metrics';

/** What a route's configuration says of its access. */
export interface GuardedRoute {
  readonly access: Access;
}

/** Declares who may call an endpoint. One without a declaration is refused to everybody. */
export function access(kind: Access): MethodDecorator {
  const route: GuardedRoute = { access: kind };
  const settings = routeSettings({ ...route });
  return kind === 'open' ? settings : applyDecorators(settings, ApiBearerAuth(), refuses(401, 403, 429));
}

/** OAuth scope that a token must have for this access to a service; undefined when none is asked for. */
export function scopeFor(kind: Access, service: string): string | undefined {
  if (kind === 'open') return undefined;
  return kind === 'read' || kind === 'write' ? `${service}:${kind}` : kind;
}
