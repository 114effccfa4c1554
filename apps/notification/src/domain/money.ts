/**
 * An amount for people, for example `€59.70`: exact, with the currency's own number of decimals; ordinary spaces.
 */
export function formatMoney(minorUnits: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  const digits = BigInt(minorUnits)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const amount = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  return format.format(amount as Intl.StringNumericLiteral).replace(/\s/gu, ' ');
}
