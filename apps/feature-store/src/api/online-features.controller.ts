import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { access, answers, bodyOf, ProblemError, refuses, validated } from '@millrace/service/http';
import { CUSTOMER_ORDERS_WINDOW_MS, customerOrders, type CustomerOrders } from '../domain/customer-orders.js';
import { resolveRequest, type ResolvedRequest } from '../domain/feature-request.js';
import { FeatureRequestError } from '../domain/feature-request.error.js';
import { onlineFeatures, type OnlineFeatures } from '../domain/online-features.js';
import { windowUntil } from '../domain/time-window.js';
import { CustomerOrdersStore } from '../store/customer-orders.store.js';
import { OnlineFeaturesAnswer, OnlineFeaturesRequest } from './online-features.schemas.js';

/** Features for models, in the shape of Feast's HTTP feature server. */
@Controller('get-online-features')
export class OnlineFeaturesController {
  constructor(private readonly store: CustomerOrdersStore) {}

  @Post()
  @access('read')
  @HttpCode(HttpStatus.OK)
  @bodyOf(OnlineFeaturesRequest)
  @answers(HttpStatus.OK, OnlineFeaturesAnswer)
  @refuses(HttpStatus.UNPROCESSABLE_ENTITY)
  async get(@Body(validated(OnlineFeaturesRequest)) body: OnlineFeaturesRequest): Promise<OnlineFeatures> {
    const request = resolved(body);
    const now = new Date();
    const states = await this.store.find(request.ids, windowUntil(now, CUSTOMER_ORDERS_WINDOW_MS));
    return onlineFeatures(request, states, now);
  }
}

function resolved(body: OnlineFeaturesRequest): ResolvedRequest<CustomerOrders> {
  try {
    return resolveRequest(body, customerOrders);
  } catch (error) {
    if (!(error instanceof FeatureRequestError)) throw error;
    throw new ProblemError({
      status: HttpStatus.UNPROCESSABLE_ENTITY,
      code: error.code,
      title: 'The features cannot be served',
      detail: error.message,
    });
  }
}
