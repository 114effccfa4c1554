import { ConfigError, positiveInteger, readConfig, text, url, wholeNumber } from '@millrace/config';

/** Whose tokens a service believes. */
export interface TokenRules {
  /** Where the issuer publishes its keys. */
  readonly jwksUrl: string;
  /** `iss` that a token must have. */
  readonly issuer: string;
  /** `aud` that a token must have, perhaps among others. */
  readonly audience: string;
}

/** How many requests of one client an instance serves. */
export interface RateLimit {
  /** Requests per window. */
  readonly requests: number;
  /** Length of the window in milliseconds. */
  readonly windowMs: number;
}

/** Who may call a service, and how often. */
export interface SecurityConfig {
  /** Rules for bearer tokens; `off` serves anybody. */
  readonly tokens: TokenRules | 'off';
  /** Limit per client; `off` serves as many as come. */
  readonly rateLimit: RateLimit | 'off';
  /** Proxies, by address or CIDR, whose `X-Forwarded-For` names the client. */
  readonly trustedProxies: readonly string[];
}

/** What a service without any protection has: the local stack's, behind 127.0.0.1. */
export const UNPROTECTED: SecurityConfig = { tokens: 'off', rateLimit: 'off', trustedProxies: [] };

/** Variables of who may call a service, and how often. */
export const securityVariables = {
  AUTH: text({
    choices: ['jwt', 'off'],
    default: 'jwt',
    desc: 'jwt: requests need a bearer token; off: anybody is served, for development only',
  }),
  RATE_LIMIT_REQUESTS: wholeNumber({
    default: 1_000,
    desc: 'requests of one client per window and instance; 0 sets no limit',
  }),
  RATE_LIMIT_WINDOW_MS: positiveInteger({ default: 10_000, desc: 'length of that window in milliseconds' }),
  TRUSTED_PROXIES: text({
    default: '',
    desc: 'addresses or CIDRs of proxies, separated by commas, whose X-Forwarded-For names the client',
    example: '10.0.0.0/8',
  }),
};

/** Variables of whose tokens a service believes, where it wants any. */
export const tokenVariables = {
  AUTH_JWKS_URL: url({
    desc: "the issuer's keys; AUTH=off needs none, and serves anybody",
    example: 'https://id.example.com/.well-known/jwks.json',
  }),
  AUTH_ISSUER: text({ desc: 'iss of the tokens', example: 'https://id.example.com/' }),
  AUTH_AUDIENCE: text({ default: 'millrace', desc: 'aud of the tokens' }),
};

/** Reads who may call; throws `ConfigError` when nothing says whose tokens are believed, unless `AUTH=off`. */
export function readSecurityConfig(environment?: NodeJS.ProcessEnv): SecurityConfig {
  const config = readConfig(securityVariables, environment);
  const requests = config.RATE_LIMIT_REQUESTS;
  return {
    tokens: config.AUTH === 'off' ? 'off' : readTokenRules(environment),
    rateLimit: requests === 0 ? 'off' : { requests, windowMs: config.RATE_LIMIT_WINDOW_MS },
    trustedProxies: config.TRUSTED_PROXIES.split(',').flatMap((proxy) => proxy.trim() || []),
  };
}

function readTokenRules(environment?: NodeJS.ProcessEnv): TokenRules {
  const { AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE } = readConfig(tokenVariables, environment);
  if (!/^https?:\/\//.test(AUTH_JWKS_URL)) {
    throw new ConfigError(['AUTH_JWKS_URL: must begin with https:// or, inside a private network, http://']);
  }
  return { jwksUrl: AUTH_JWKS_URL, issuer: AUTH_ISSUER, audience: AUTH_AUDIENCE };
}
