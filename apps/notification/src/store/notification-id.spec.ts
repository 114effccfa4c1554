import { describe, expect, it } from '@jest/globals';
import { notificationId } from './notification-id.js';

const identity = {
  eventId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
  workflow: 'order-confirmation',
  recipient: 'ada@example.com',
  channel: 'mail',
};

describe('notificationId', () => {
  it('is the same uuidv5 for the same notification, for ever', () => {
    expect(notificationId(identity)).toBe('8238c0b5-041f-5a0f-8e31-6383185e6585');
    expect(notificationId({ ...identity, eventId: identity.eventId.toUpperCase() })).toBe(
      '8238c0b5-041f-5a0f-8e31-6383185e6585',
    );
  });

  it.each(['eventId', 'workflow', 'recipient', 'channel'] as const)('differs with the %s', (field) => {
    expect(notificationId({ ...identity, [field]: 'another' })).not.toBe(notificationId(identity));
  });
});
