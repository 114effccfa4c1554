/** Capture cannot be prepared as things are; the message says what to do. */
export class CaptureError extends Error {
  readonly code = 'CAPTURE';

  constructor(message: string) {
    super(message);
    this.name = 'CaptureError';
  }
}
