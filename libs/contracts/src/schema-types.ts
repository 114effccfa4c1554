import { Type } from 'typebox';

/** A UUID in its canonical text form. */
export const Uuid = () => Type.String({ format: 'uuid' });

/** An instant as RFC 3339 text with an offset. */
export const Instant = () => Type.String({ format: 'date-time' });

/** An amount in a currency's minor unit (cents for EUR), an integer within ±2^53; never a float. */
export const MinorUnits = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** ISO 4217 alphabetic code. */
export const Currency = () => Type.String({ pattern: '^[A-Z]{3}$' });

/** A sales region, for example `eu-west`. */
export const Region = () => Type.String({ pattern: '^[A-Za-z0-9-]{2,16}$' });

/** A customer's id, chosen by the caller. */
export const CustomerId = () => Type.String({ minLength: 1, maxLength: 64 });

/** A stock keeping unit. */
export const Sku = () => Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' });
