import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '@millrace/service/http';
import type { WatchedLevel } from '../domain/stock/low-stock.js';
import { availableOf } from '../domain/stock/stock-level.js';
import type { Stock } from './stock.schemas.js';

/** Stock as HTTP tells it. */
export function stockOf(level: WatchedLevel): Stock {
  const { sku, onHand, reserved, backorderLimit, lowThreshold } = level;
  return { sku, onHand, reserved, available: availableOf(level), backorderLimit, lowThreshold };
}

/** 409: fewer units on hand than orders hold, or more than a SKU may have. */
export function outOfBounds(sku: string, { least, most }: { least: number; most: number }): ProblemError {
  return new ProblemError({
    status: HttpStatus.CONFLICT,
    code: 'stock-out-of-bounds',
    title: 'The stock cannot be that',
    detail: `${sku} needs at least ${least} on hand to cover what orders hold beyond its backorderLimit, and may have ${most} at most.`,
  });
}
