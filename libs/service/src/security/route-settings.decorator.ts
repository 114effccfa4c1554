import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants';

/** Adds to the configuration of an endpoint's route; Nest's own `RouteConfig` replaces what another one said. */
export function routeSettings(settings: Readonly<Record<string, unknown>>): MethodDecorator {
  return (target, key, descriptor) => {
    const said = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, descriptor.value as object) as unknown;
    RouteConfig({ ...(said as object | undefined), ...settings })(target, key, descriptor);
  };
}
