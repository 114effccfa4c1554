import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import type { TObject, TSchema } from 'typebox';
import { PROBLEM_MEDIA_TYPE } from './problem.js';

type OpenApiSchema = Extract<ApiResponseOptions, { schema: unknown }>['schema'];

const PROBLEM: OpenApiSchema = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    traceId: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};

/** Documents the JSON body that an endpoint takes; it must be there unless told otherwise. */
export function bodyOf(schema: TSchema, { required = true } = {}): MethodDecorator {
  return ApiBody({ schema: schema as OpenApiSchema, required });
}

/** Documents the query parameters that an endpoint takes, one per property of the schema. */
export function queryOf(schema: TObject): MethodDecorator {
  const required: readonly string[] = (schema as { required?: readonly string[] }).required ?? [];
  return applyDecorators(
    ...Object.entries(schema.properties).map(([name, property]) =>
      ApiQuery({ name, required: required.includes(name), schema: property as OpenApiSchema }),
    ),
  );
}

/** Documents an answer: its status and the schema of its JSON body. */
export function answers(status: number, schema: TSchema, description = ''): MethodDecorator {
  return ApiResponse({ status, description, schema: schema as OpenApiSchema });
}

/** Documents the statuses of the problem documents that an endpoint may answer with. */
export function refuses(...statuses: readonly number[]): MethodDecorator {
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({ status, description: 'Problem', content: { [PROBLEM_MEDIA_TYPE]: { schema: PROBLEM } } }),
    ),
  );
}
