import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { routeSettings } from '../security/route-settings.decorator.js';

/** What a route's configuration says when it takes its body as a stream. */
export interface StreamedRoute {
  /** The one media type that it takes. */
  readonly streamedBody: string;
}

/**
 * Gives an endpoint its body as it arrives, in one media type and of any size and duration: its `@Body()` is the
 * stream, to be read with `chunksOf`. Every other endpoint keeps its limits.
 */
export function streamedBody(mediaType: string, description: string): MethodDecorator {
  const route: StreamedRoute = { streamedBody: mediaType };
  return applyDecorators(
    routeSettings({ ...route }),
    ApiConsumes(mediaType),
    ApiBody({ schema: { type: 'string', description }, required: true }),
  );
}
