const formats = new Map<string, Intl.NumberFormat>();

/** Formats are kept: to make one takes longer than to write a whole mail. */
function formatOf(currency: string, locale: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency });
  formats.set(key, format);
  return format;
}

/**
 * An amount for people, for example `€59.70`: exact, with the currency's own number of decimals; ordinary spaces.
 */
export function formatMoney(minorUnits: number, currency: string, locale: string): string {
  const format = formatOf(currency, locale);
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  const digits = BigInt(minorUnits)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const amount = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  return format.format(amount as Intl.StringNumericLiteral).replace(/\s/gu, ' ');
}
