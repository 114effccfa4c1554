/** A mail as the sink shows it. */
export interface ReceivedMail {
  readonly from: string;
  /** Recipients of the envelope. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly messageId: string | null;
  /** RFC 3339. */
  readonly receivedAt: string;
}

/** Keeps the newest mails within a number of mails and of characters; the oldest go first. */
export class MailStore {
  #mails: ReceivedMail[] = [];
  #characters = 0;

  constructor(
    private readonly most = 20_000,
    private readonly mostCharacters = 32_000_000,
  ) {}

  /** Keeps a mail. */
  add(mail: ReceivedMail): void {
    this.#mails.push(mail);
    this.#characters += mail.text.length;
    while (this.#mails.length > this.most || this.#characters > this.mostCharacters) {
      this.#characters -= this.#mails.shift()?.text.length ?? 0;
    }
  }

  /** Mails to that address (any case), oldest first; without an address all of them. */
  list(to?: string): readonly ReceivedMail[] {
    const wanted = to?.toLowerCase();
    return this.#mails.filter(
      (mail) => !wanted || mail.to.some((address) => address.toLowerCase() === wanted),
    );
  }

  /** Forgets all. */
  clear(): void {
    this.#mails = [];
    this.#characters = 0;
  }
}
