import { describe, expect, it } from '@jest/globals';
import { fallbackAddress, isMailAddress } from './mail-address.js';

describe('isMailAddress', () => {
  it.each([
    'ada@example.com',
    'ada.lovelace+orders@mail.example.co.uk',
    "o'brien_42=x@xn--bcher-kva.example",
    'müller@bücher.example',
    `${'a'.repeat(64)}@example.com`,
  ])('accepts %s', (text) => {
    expect(isMailAddress(text)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['no domain', 'ada'],
    ['an empty local part', '@example.com'],
    ['a domain of one label', 'ada@localhost'],
    ['two addresses', 'ada@example.com,eve@example.com'],
    ['two addresses in another spelling', 'ada@example.com; eve@example.com'],
    ['a name', 'Ada <ada@example.com>'],
    ['an injected header', 'ada@example.com\r\nBcc: eve@example.com'],
    ['a line break at its end', 'ada@example.com\n'],
    ['a NUL', 'ada\u0000@example.com'],
    ['a quoted local part', '"ada eve"@example.com'],
    ['two at signs', 'ada@eve@example.com'],
    ['an address literal', 'ada@[127.0.0.1]'],
    ['two dots', 'ada..x@example.com'],
    ['a dot at its end', 'ada@example.com.'],
    ['a label that ends in a hyphen', 'ada@example-.com'],
    ['a local part of 65 bytes', `${'a'.repeat(65)}@example.com`],
    ['a lone surrogate', 'ada\ud800@example.com'],
    ['more than 254 characters', `ada@${'a.'.repeat(125)}com`],
  ])('refuses %s', (_what, text) => {
    expect(isMailAddress(text)).toBe(false);
  });
});

describe('fallbackAddress', () => {
  it.each([
    ['c-1001', 'c-1001@example.com'],
    ['ada.lovelace', 'ada.lovelace@example.com'],
    ['Ada Lovelace', 'Ada=20Lovelace@example.com'],
    ['ada@other.example', 'ada=40other=2Eexample@example.com'],
    ['.ada', '=2Eada@example.com'],
    ['x\r\nBcc: eve@e.com', 'x=0D=0ABcc=3A=20eve=40e=2Ecom@example.com'],
  ])('makes of %j the address %s', (customerId, address) => {
    expect(fallbackAddress(customerId, 'example.com')).toBe(address);
  });

  it.each(['a'.repeat(64), ' '.repeat(64), '顧客'.repeat(32), '\ud800', '"', '..', 'a,b', '<>'])(
    'makes an address of the customer %j',
    (customerId) => {
      expect(isMailAddress(fallbackAddress(customerId, 'example.com'))).toBe(true);
    },
  );
});
