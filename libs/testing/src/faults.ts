export { FaultyProgram, type ProgramFaults, type ToldObservation } from './faults/faulty-program.js';
export { TcpProxy, type ProxyTarget } from './faults/tcp-proxy.js';
export {
  deadEvents,
  deadLetters,
  disorder,
  outcomeOf,
  SETTLED,
  type GroupOutcome,
} from './reference-consumer/group-outcome.js';
export type { ReferenceEvent } from './reference-consumer/reference-event.js';
export {
  ReferenceGroup,
  type Behaviour,
  type MemberFaults,
  type ReferencePlace,
} from './reference-consumer/reference-group.js';
export { ReferenceMember, type MemberCondition } from './reference-consumer/reference-member.js';
export type { ReferenceSettings } from './reference-consumer/reference-settings.js';
export type { EffectRow } from './reference-consumer/reference-tables.js';
