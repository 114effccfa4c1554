import { producersOf, schemaOf, type ServiceTopology } from '@millrace/contracts';
import type { Broker } from '@millrace/messaging';
import type { ClientBase } from 'pg';
import type { ConnectClient } from '../connector/connect-client.js';
import { connectorOffset } from '../slot/connector-offset.js';
import {
  adoptSlot,
  changeCaptureState,
  readCaptureRecord,
  type CaptureState,
} from '../store/capture-record-store.js';
import { withSessionLock } from '../store/keeper-lock.js';
import { createSlot, dropSlot, readSlot } from '../store/slot-store.js';
import type { Clock } from '../timing/clock.js';
import type { KeeperLog } from '../timing/keeper-log.js';
import { produceRetained } from './produce-retained.js';
import { recoverPlan, type RecoverPlan } from './recover-plan.js';
import { RecoverError } from './recover.error.js';
import { hasEnded, newestTransaction } from './store/retained-row-store.js';

/** What a recovery works on and with. */
export interface RecoverParts {
  /** A superuser's connection to the fleet's database. */
  readonly client: ClientBase;
  readonly connect: ConnectClient;
  readonly broker: Pick<Broker, 'send'>;
  readonly services: readonly ServiceTopology[];
  readonly slot: string;
  readonly connector: string;
  readonly force: boolean;
  readonly clock: Clock;
  readonly log: KeeperLog;
}

/** What a recovery has done. */
export interface RecoverReport {
  readonly because: string;
  /** Rows produced, by schema. */
  readonly produced: Readonly<Record<string, number>>;
}

const WAIT_MS = 60_000;
const POLL_MS = 200;
const ANY_STATE: readonly CaptureState[] = ['trusted', 'halted', 'recovering', 'recovered'];

/**
 * Makes capture whole again after its slot was lost. The order is what makes it safe at every point where it can die:
 *
 * ```
 * note `recovering`      nobody trusts a slot of that name any more; killed from here on, the next run begins anew
 * stop the connector     nothing else writes to the topics, so that each key stays in order
 * drop the slot, forget the offsets, make a new slot
 * wait for transactions  those that the slot may not show have ended, so a read shows them
 * produce                all retained rows since the published mark, which only a trusted slot moves
 * note `recovered`       killed from here on, `keeper run` or the next run lets the connector go
 * resume the connector   it begins where the new slot begins; what both gave is twice, and nothing is missing
 * ```
 *
 * Throws `RecoverError` when there is nothing to recover, or a step does not end.
 */
export function recover(parts: RecoverParts): Promise<RecoverReport> {
  return withSessionLock(parts.client, async () => {
    const plan = await planOf(parts);
    if (plan.kind === 'refuse') throw new RecoverError(plan.because);
    const produced = plan.kind === 'rebuild' ? await rebuild(parts, plan) : {};
    await resume(parts);
    return { because: plan.kind === 'rebuild' ? plan.because : 'only the connector rested', produced };
  });
}

async function planOf({ client, connect, slot: name, connector, force }: RecoverParts): Promise<RecoverPlan> {
  const record = await readCaptureRecord(client, name);
  const slot = await readSlot(client, name);
  const offset = await connectorOffset(connect, connector, AbortSignal.timeout(WAIT_MS));
  return recoverPlan({ name, slot, record, offset }, force);
}

async function rebuild(
  parts: RecoverParts,
  { because, sinceMs }: Extract<RecoverPlan, { kind: 'rebuild' }>,
): Promise<Record<string, number>> {
  const { client, slot, log } = parts;
  await changeCaptureState(client, slot, ANY_STATE, ['recovering', because]);
  await stopConnector(parts);
  await waitFor(parts, `slot ${slot} to be let go`, async () => !(await readSlot(client, slot))?.active);
  await dropSlot(client, slot);
  await forgetOffsets(parts);
  await createSlot(client, slot);
  await adoptSlot(client, slot, 'recovering');
  const newest = await newestTransaction(client);
  await waitFor(parts, `transactions below ${newest} to end`, () => hasEnded(client, newest));
  log.info({ slot, since: sinceMs }, 'a new slot is there; producing what may be missing');
  const schemas = producersOf(parts.services).map(({ name }) => schemaOf(name));
  const produced = await produceRetained(client, parts.broker, schemas, sinceMs);
  await changeCaptureState(client, slot, ['recovering'], ['recovered']);
  return produced;
}

async function stopConnector(parts: RecoverParts): Promise<void> {
  const { connect, connector, log } = parts;
  if (!(await connect.status(connector, within()))) {
    log.warn({ connector }, 'Kafka Connect knows no such connector; keeper run will register it');
    return;
  }
  await connect.stop(connector, within());
  await waitFor(parts, `connector ${connector} to stop`, async () => {
    const status = await connect.status(connector, within());
    return status?.connector.state === 'STOPPED' && status.tasks.length === 0;
  });
}

/** An offset of the old slot would make the connector refuse the new one. */
async function forgetOffsets({ connect, connector }: RecoverParts): Promise<void> {
  if (await connect.status(connector, within())) await connect.resetOffsets(connector, within());
}

async function resume({ connect, connector }: RecoverParts): Promise<void> {
  if (await connect.status(connector, within())) await connect.resume(connector, within());
}

async function waitFor({ clock }: RecoverParts, what: string, isDone: () => Promise<boolean>): Promise<void> {
  const deadline = clock.now() + WAIT_MS;
  const never = new AbortController().signal;
  while (!(await isDone())) {
    if (clock.now() > deadline) {
      throw new RecoverError(
        `Waited a minute for ${what}, in vain. Nothing is lost: see to it and run this again.`,
      );
    }
    await clock.sleep(POLL_MS, never);
  }
}

function within(): AbortSignal {
  return AbortSignal.timeout(WAIT_MS);
}
