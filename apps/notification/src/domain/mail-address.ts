const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

/**
 * Whether a text is exactly one mail address: dot-atom, `@`, domain. Quoted local parts, comments, names, lists and
 * address literals are legal elsewhere but refused, because each is a way to smuggle in a second recipient.
 */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const labels = text.slice(at + 1).split('.');
  return (
    text.length <= 254 &&
    Buffer.byteLength(local) <= 64 &&
    LOCAL.test(local) &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label))
  );
}

/**
 * The address made for a customer who gave none: `<customerId>@<domain>` where that is an address; otherwise every
 * other byte of the id is written as `=XX`, cut to what a local part may hold.
 */
export function fallbackAddress(customerId: string, domain: string): string {
  const plain = `${customerId}@${domain}`;
  if (isMailAddress(plain)) return plain;
  const escaped = Array.from(Buffer.from(customerId.toWellFormed()), (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9_-]/.test(character)
      ? character
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `${escaped.join('').slice(0, 64)}@${domain}`;
}
