import { readFileSync } from 'node:fs';

interface ProfileNode {
  readonly id: number;
  readonly children?: readonly number[];
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** A share of the time that a process was busy, 0 to 1, and whose it was. */
export interface TimeShare {
  readonly who: string;
  readonly share: number;
}

/** Where the busy time of a profiled process went, each list with the largest share first. */
export interface ProfileSummary {
  /** Share of the wall time in which the process was busy. */
  readonly busy: number;
  /** Times in which it waited for something longer than 40 ms at a stretch, in milliseconds, in order. */
  readonly stalls: readonly number[];
  /** By package: a library of ours, one of npm, Node itself, the garbage collector. */
  readonly owners: readonly TimeShare[];
  /** By function, its own time without what it calls. */
  readonly functions: readonly TimeShare[];
  /** By function of ours, with everything that it calls; one inside the other counts for both. */
  readonly phases: readonly TimeShare[];
}

const STALL_US = 40_000;

/** Reads a V8 CPU profile. */
export function readProfile(file: string): ProfileSummary {
  return summaryOf(JSON.parse(readFileSync(file, 'utf8')) as Profile);
}

/** Sums the time of a profile's functions. */
export function summaryOf(profile: Profile): ProfileSummary {
  const own = ownTimes(profile);
  const [byOwner, byFunction] = [new Map<string, number>(), new Map<string, number>()];
  const all = profile.timeDeltas.reduce((sum, time) => sum + time, 0);
  let busy = 0;
  for (const { id, callFrame } of profile.nodes) {
    if (callFrame.functionName === '(idle)') continue;
    const time = own.get(id) ?? 0;
    busy += time;
    add(byOwner, ownerOf(callFrame), time);
    add(byFunction, nameOf(callFrame), time);
  }
  return {
    busy: busy / all,
    stalls: stallsOf(profile),
    owners: sharesOf(byOwner, busy),
    functions: sharesOf(byFunction, busy),
    phases: sharesOf(phaseTimes(profile.nodes, own), busy),
  };
}

/** Time by node in which it was on top of the stack. */
function ownTimes({ samples, timeDeltas }: Profile): ReadonlyMap<number, number> {
  const own = new Map<number, number>();
  samples.forEach((id, index) => own.set(id, (own.get(id) ?? 0) + (timeDeltas[index] ?? 0)));
  return own;
}

function stallsOf({ nodes, samples, timeDeltas }: Profile): number[] {
  const idle = new Set(
    nodes.flatMap(({ id, callFrame }) => (callFrame.functionName === '(idle)' ? [id] : [])),
  );
  const stalls: number[] = [];
  let waited = 0;
  const settle = () => {
    if (waited > STALL_US) stalls.push(Math.round(waited / 1_000));
    waited = 0;
  };
  samples.forEach((id, index) => {
    if (idle.has(id)) waited += timeDeltas[index] ?? 0;
    else settle();
  });
  settle();
  return stalls;
}

/** Time by function of ours including its callees; a function within itself counts once. */
function phaseTimes(nodes: readonly ProfileNode[], own: ReadonlyMap<number, number>): Map<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const phases = new Map<string, number>();
  const walk = (node: ProfileNode, above: ReadonlySet<string>): number => {
    const name = nameOf(node.callFrame);
    const within = new Set(above).add(name);
    const below = (node.children ?? []).flatMap((id) => byId.get(id) ?? []);
    const time = below.reduce((sum, child) => sum + walk(child, within), own.get(node.id) ?? 0);
    if (!above.has(name) && /^(libs|apps|test)\//.test(name)) add(phases, name, time);
    return time;
  };
  const root = nodes[0];
  if (root) walk(root, new Set());
  return phases;
}

/** The summary as lines of text: the owners in one, then the first phases and functions, one each. */
export function profileLines(summary: ProfileSummary, shown = 20): string[] {
  const { busy, stalls, owners, functions, phases } = summary;
  const text = ({ who, share }: TimeShare) => `${who} ${percent(share)}`;
  const lines = (shares: readonly TimeShare[]) =>
    shares.slice(0, shown).map(({ who, share }) => `${percent(share).padStart(6)}  ${who}`);
  return [
    `waits of more than 40 ms: ${stalls.length === 0 ? 'none' : `${stalls.join(', ')} ms`}`,
    `busy ${percent(busy)} of the time; of that: ${owners.slice(0, shown).map(text).join(', ')}`,
    'with everything below it:',
    ...lines(phases),
    'by itself:',
    ...lines(functions),
  ];
}

function ownerOf({ functionName, url }: ProfileNode['callFrame']): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'native';
  if (url.startsWith('node:')) return 'node';
  const npm = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (npm !== undefined && !npm.startsWith('@millrace/')) return npm;
  return /\/((?:libs|apps)\/[^/]+|test\/bench)\//.exec(url)?.[1] ?? 'other';
}

function nameOf(frame: ProfileNode['callFrame']): string {
  return `${ownerOf(frame)} ${frame.functionName || '(anonymous)'} ${placeOf(frame)}`.trimEnd();
}

function placeOf({ url, lineNumber }: ProfileNode['callFrame']): string {
  return url === '' ? '' : `(${url.split('/').slice(-2).join('/')}:${lineNumber + 1})`;
}

function add(sums: Map<string, number>, name: string, time: number): void {
  sums.set(name, (sums.get(name) ?? 0) + time);
}

function sharesOf(sums: ReadonlyMap<string, number>, total: number): TimeShare[] {
  return [...sums].map(([who, time]) => ({ who, share: time / total })).toSorted((a, b) => b.share - a.share);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
