import { Injectable } from '@nestjs/common';
import { entityManagerOf, Transactions } from '@millrace/persistence';
import { {{Thing}}Entity } from './{{thing}}.entity.js';

/** The newest of every {{aggregate}}. */
@Injectable()
export class {{Thing}}Store {
  constructor(private readonly transactions: Transactions) {}

  /** The newest of {{anAggregate}}; null when no event told of it yet. */
  find({{key}}: string): Promise<{{Thing}}Entity | null> {
    return this.transactions.run((tx) => entityManagerOf(tx).findOneBy({{Thing}}Entity, { {{key}} }));
  }
}
