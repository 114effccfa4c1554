import type { KafkaOffsets, LogBounds, Position } from '@millrace/messaging';

/** A log of one topic with one partition, and one group on it; tests set where they stand and count what was asked. */
export class FakeOffsets implements KafkaOffsets {
  low = 0n;
  high = 0n;
  position: bigint | undefined;
  memberCount = 1;
  away = false;
  closed = 0;
  questions = 0;
  /** When each record was appended, for those that are asked for. */
  appendedAt: (offset: bigint) => number = () => 0;

  constructor(
    private readonly topic: string,
    private readonly group: string,
  ) {}

  async bounds(topics: readonly string[]): Promise<readonly LogBounds[]> {
    if (this.away) throw new Error('no broker answers');
    if (!topics.includes(this.topic)) return [];
    return [{ topic: this.topic, partition: 0, low: this.low, high: this.high }];
  }

  async firstSince(topic: string, instantMs: number): Promise<readonly Position[]> {
    this.questions += 1;
    let offset = this.low;
    while (offset < this.high && this.appendedAt(offset) < instantMs) offset += 1n;
    return [{ topic, partition: 0, offset }];
  }

  async committed(group: string): Promise<readonly Position[]> {
    if (group !== this.group || this.position === undefined) return [];
    return [{ topic: this.topic, partition: 0, offset: this.position }];
  }

  async members(groups: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return new Map(groups.map((group) => [group, group === this.group ? this.memberCount : 0]));
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}
