/** Units of one SKU. */
export interface OrderLine {
  readonly sku: string;
  /** Whole units, at least one. */
  readonly quantity: number;
}

/** The same units with one line per SKU, sorted by SKU. */
export function foldLines(lines: readonly OrderLine[]): OrderLine[] {
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return [...units].map(([sku, quantity]) => ({ sku, quantity })).sort((a, b) => (a.sku < b.sku ? -1 : 1));
}
