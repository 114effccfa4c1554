import { Module } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { NotificationsController } from './api/notifications.controller.js';
import { NotificationConfig, readNotificationConfig } from './notification.config.js';
import { NotificationConsumer } from './notification.consumer.js';
import { MailTransport } from './sending/mail-transport.js';
import { Sender } from './sending/sender.js';
import { SmtpTransport } from './sending/smtp.transport.js';
import { NotificationEntity } from './store/notification.entity.js';
import { NotificationStore } from './store/notification.store.js';
import { OutgoingStore } from './store/outgoing.store.js';

/** The notification service: tells customers about their orders, by mail. */
@Module({
  imports: [ServiceModule.forService({ name: 'notification', entities: [NotificationEntity] })],
  controllers: [NotificationConsumer, NotificationsController],
  providers: [
    NotificationStore,
    OutgoingStore,
    { provide: NotificationConfig, useFactory: () => readNotificationConfig() },
    {
      provide: MailTransport,
      inject: [NotificationConfig],
      useFactory: (config: NotificationConfig) => new SmtpTransport(config),
    },
    {
      provide: Sender,
      inject: [OutgoingStore, MailTransport],
      useFactory: (outgoing: OutgoingStore, transport: MailTransport) => new Sender(outgoing, transport),
    },
  ],
})
export class NotificationModule {}
