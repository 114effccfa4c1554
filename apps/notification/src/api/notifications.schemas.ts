import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';

/** Which notifications are asked for. */
export const NotificationsQuery = Type.Object(
  { orderId: schemaTypes.Uuid() },
  { additionalProperties: false },
);

/** Which notifications are asked for. */
export type NotificationsQuery = Static<typeof NotificationsQuery>;

/** Notifications of an order, oldest first. */
export const Notifications = Type.Object({
  items: Type.Array(
    Type.Object({
      id: schemaTypes.Uuid(),
      orderId: schemaTypes.Uuid(),
      workflow: Type.String(),
      channel: Type.String(),
      recipient: Type.String(),
      state: Type.Enum(['queued', 'sending', 'sent', 'failed', 'unknown', 'suppressed']),
      attempts: Type.Integer({ minimum: 0 }),
      createdAt: schemaTypes.Instant(),
      sentAt: Type.Union([schemaTypes.Instant(), Type.Null()]),
    }),
  ),
});

/** Notifications of an order, oldest first. */
export type Notifications = Static<typeof Notifications>;
