export { checker, type Check } from './http/checker.js';
export { chunksOf, type ChunkOptions } from './http/chunks-of.js';
export { answers, bodyOf, queryOf, refuses } from './http/openapi.decorators.js';
export { notFound, ProblemError, unavailable, type ProblemSettings } from './http/problem.error.js';
export { access, scopeFor, type Access } from './security/access.decorator.js';
export type { FieldError, Problem } from './http/problem.js';
export { streamedBody } from './http/streamed-body.decorator.js';
export { validated } from './http/validated.pipe.js';
