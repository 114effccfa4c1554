import { ConfigError, text, url, type ConfigOf } from '@millrace/config';
import type { TokenClient } from './ops-token.js';

/** Variables that tell how the keeper gets a token for `/ops` of the services. */
export const opsTokenVariables = {
  OPS_TOKEN_URL: url({
    default: undefined,
    desc: 'token endpoint of the issuer, where the keeper asks for the scope ops; unset: services with AUTH=off',
    example: 'https://id.example.com/oauth/token',
  }),
  OPS_CLIENT_ID: text({ default: '', desc: 'client id of the keeper' }),
  OPS_CLIENT_SECRET: text({ default: '', desc: 'client secret of the keeper' }),
  OPS_TOKEN_AUDIENCE: text({ default: 'millrace', desc: 'audience of that token' }),
};

/** How to get a token; undefined where none is asked for. Throws `ConfigError` for an endpoint without a client. */
export function opsTokenClientOf(
  config: Pick<ConfigOf<typeof opsTokenVariables>, keyof typeof opsTokenVariables>,
): TokenClient | undefined {
  if (config.OPS_TOKEN_URL === undefined) return undefined;
  if (config.OPS_CLIENT_ID === '' || config.OPS_CLIENT_SECRET === '') {
    throw new ConfigError(['OPS_CLIENT_ID, OPS_CLIENT_SECRET: are needed to ask OPS_TOKEN_URL for a token']);
  }
  return {
    url: config.OPS_TOKEN_URL,
    clientId: config.OPS_CLIENT_ID,
    clientSecret: config.OPS_CLIENT_SECRET,
    audience: config.OPS_TOKEN_AUDIENCE,
  };
}
