import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants.js';
import { consumerView, type ConsumerView, type EventDefinition } from '@millrace/contracts';
import type { ConsumerOptions } from './consumer-options.js';
import { KeepErrorFilter } from './keep-error.filter.js';

/** Transport id under which Nest keeps our handlers apart from those of other transports. */
export const MILLRACE: unique symbol = Symbol('millrace');

/** What a handler's decorator says of it. */
export interface HandlerExtras {
  readonly view: ConsumerView;
  /** True when the handler takes one event at a time instead of a batch. */
  readonly each: boolean;
}

const options = new WeakMap<object, ConsumerOptions>();

/** Makes a class a consumer: a Nest controller whose handlers run for one consumer group. */
export function EventConsumer(consumer: ConsumerOptions): ClassDecorator {
  return (target) => {
    Controller()(target);
    options.set(target, consumer);
  };
}

/** Options of a consumer class; undefined when it is not one. */
export function consumerOptionsOf(target: object): ConsumerOptions | undefined {
  return options.get(target);
}

/**
 * Handles fresh events of a contract, a batch at a time: `(batch: EventBatch<Data>, { tx }: EventContext)`.
 * Pass a consumer view to declare which fields are read, or the contract to read all of them.
 */
export function OnEvent(source: ConsumerView | EventDefinition): MethodDecorator {
  return handler(source, false);
}

/** Handles fresh events of a contract one at a time, in log order, within the batch's transaction. */
export function OnEachEvent(source: ConsumerView | EventDefinition): MethodDecorator {
  return handler(source, true);
}

function handler(source: ConsumerView | EventDefinition, each: boolean): MethodDecorator {
  const view = 'read' in source ? source : consumerView(source);
  const extras: HandlerExtras = { view, each };
  return applyDecorators(
    EventPattern<string>(view.definition.type, MILLRACE, { ...extras }),
    UseFilters(KeepErrorFilter),
    nameParameters,
  );
}

/**
 * Nest hands a handler nothing but the payload unless its parameters are decorated: an undecorated one is
 * `(payload, context)`; one whose parameters are decorated is left as it is.
 */
const nameParameters: MethodDecorator = (target, method) => {
  if (Reflect.hasMetadata(PARAM_ARGS_METADATA, target.constructor, method)) return;
  Payload()(target, method, 0);
  Ctx()(target, method, 1);
};
