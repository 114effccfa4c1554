import { Kafka, logLevel, type Admin } from 'kafkajs';

/** A partition whose committed offset went back. */
export interface StepBack {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** Looks at a group from the broker's side. */
export class GroupOffsets {
  /** Every time that a committed offset was seen to go back. */
  readonly stepsBack: StepBack[] = [];
  private readonly highest = new Map<number, number>();

  private constructor(
    private readonly admin: Admin,
    private readonly group: string,
    private readonly topic: string,
  ) {}

  /** Connects to the broker; close it when done. */
  static async open(kafka: string, group: string, topic: string): Promise<GroupOffsets> {
    const client = new Kafka({ clientId: 'offsets', brokers: [kafka], logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    return new GroupOffsets(admin, group, topic);
  }

  /** Committed offset of every partition, 0 where nothing is; notes each that went back since the last look. */
  async committed(): Promise<number[]> {
    const [found] = await this.admin.fetchOffsets({ groupId: this.group, topics: [this.topic] });
    const offsets = (found?.partitions ?? [])
      .toSorted((a, b) => a.partition - b.partition)
      .map(({ partition, offset }) => ({ partition, offset: Math.max(0, Number(offset)) }));
    for (const { partition, offset } of offsets) {
      const before = this.highest.get(partition) ?? 0;
      if (offset < before) this.stepsBack.push({ partition, from: before, to: offset });
      this.highest.set(partition, Math.max(before, offset));
    }
    return offsets.map(({ offset }) => offset);
  }

  /** End of every partition. */
  async ends(): Promise<number[]> {
    const offsets = await this.admin.fetchTopicOffsets(this.topic);
    return offsets.toSorted((a, b) => a.partition - b.partition).map(({ high }) => Number(high));
  }

  /** Ids of the group's members, sorted. */
  async members(): Promise<string[]> {
    const { groups } = await this.admin.describeGroups([this.group]);
    return (groups[0]?.members ?? []).map(({ memberId }) => memberId).toSorted();
  }

  close(): Promise<void> {
    return this.admin.disconnect();
  }
}
