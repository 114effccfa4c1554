import { Controller, Get, HttpStatus, Query } from '@nestjs/common';
import { access, answers, queryOf, refuses, validated } from '@millrace/service/http';
import { NotificationStore } from '../store/notification.store.js';
import { Notifications, NotificationsQuery } from './notifications.schemas.js';

/** What was sent to whom about an order. */
@Controller('notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationStore) {}

  @Get()
  @access('read')
  @queryOf(NotificationsQuery)
  @answers(HttpStatus.OK, Notifications)
  @refuses(HttpStatus.UNPROCESSABLE_ENTITY)
  async ofOrder(@Query(validated(NotificationsQuery)) query: NotificationsQuery): Promise<Notifications> {
    const rows = await this.notifications.ofOrder(query.orderId);
    return {
      items: rows.map(
        ({ id, orderId, workflow, channel, recipient, state, attempts, createdAt, sentAt }) => ({
          id,
          orderId,
          workflow,
          channel,
          recipient,
          state,
          attempts,
          createdAt: createdAt.toISOString(),
          sentAt: sentAt?.toISOString() ?? null,
        }),
      ),
    };
  }
}
