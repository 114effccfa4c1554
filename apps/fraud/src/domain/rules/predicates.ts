import { keyKinds, type KeyKind } from '../velocity/key-kind.js';
import { around, before, windowName } from '../velocity/activity-window.js';
import type { Predicate, Rule } from './rule.js';
import type {
  AmountSpec,
  CountSpec,
  DistinctSpec,
  ListedSpec,
  RuleSpec,
  SequenceSpec,
  SumSpec,
} from './rule-spec.js';

/** The rule that a specification states. */
export function ruleOf(spec: RuleSpec): Rule {
  const { id, score, onMissing } = spec;
  return { id, score, onMissing, ...predicateOf(spec) };
}

function predicateOf(spec: RuleSpec): Predicate {
  switch (spec.when) {
    case 'amount':
      return amount(spec);
    case 'count':
      return count(spec);
    case 'sum':
      return sum(spec);
    case 'distinct':
      return distinct(spec);
    case 'sequence':
      return sequence(spec);
    case 'listed':
      return listed(spec);
  }
}

function amount({ from, below }: AmountSpec): Predicate {
  return {
    windows: [],
    fires({ currency, totalMinor }) {
      const least = from[currency];
      if (least === undefined) return undefined;
      return totalMinor >= least && totalMinor < (below?.[currency] ?? Number.POSITIVE_INFINITY);
    },
  };
}

function count({ per, withinMs, limit }: CountSpec): Predicate {
  const { window, name } = velocity(per, withinMs);
  return {
    windows: [window],
    fires({ activity }) {
      const measures = activity[name];
      return measures && measures.orders > limit;
    },
  };
}

function sum({ per, withinMs, limits }: SumSpec): Predicate {
  const { window, name } = velocity(per, withinMs);
  return {
    windows: [window],
    fires({ activity, currency }) {
      const [measures, limit] = [activity[name], limits[currency]];
      if (!measures || limit === undefined) return undefined;
      return BigInt(measures.sumMinor) > BigInt(limit);
    },
  };
}

function distinct({ per, withinMs, limit }: DistinctSpec): Predicate {
  const { window, name } = velocity(per, withinMs);
  return {
    windows: [window],
    fires({ activity }) {
      const others = activity[name]?.others;
      return others === undefined ? undefined : others > limit;
    },
  };
}

/** Looks at what was decided before: of two orders that arrive the wrong way round, none is judged again. */
function sequence({ per, withinMs, small, large }: SequenceSpec): Predicate {
  const window = before(per, withinMs);
  const name = windowName(window);
  return {
    windows: [window],
    fires({ activity, currency, totalMinor }) {
      const [measures, most, least] = [activity[name], small[currency], large[currency]];
      if (!measures || most === undefined || least === undefined) return undefined;
      return totalMinor >= least && measures.leastMinor !== undefined && measures.leastMinor <= most;
    },
  };
}

function listed({ list }: ListedSpec): Predicate {
  const entries = keyKinds.map((kind) => `${list}.${kind}`);
  return {
    windows: [],
    settles: list === 'deny' ? 'decline' : 'approve',
    fires: ({ lists }) => entries.some((entry) => lists.includes(entry)),
  };
}

function velocity(per: KeyKind, withinMs: number) {
  const window = around(per, withinMs);
  return { window, name: windowName(window) };
}
