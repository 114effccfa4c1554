import type { INetworkPolicy, INetworkPolicyPeer } from 'kubernetes-models/networking.k8s.io/v1';
import type { BuiltResource } from './built-resource.js';

type Labels = Readonly<Record<string, string>>;

/** One end of a connection; an end without a namespace lies in the fleet's own. */
export interface End {
  readonly pod?: Labels;
  readonly namespace?: Labels;
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

/** Whether the fleet's network policies let a connection be made: out of its source and into its target. */
export function mayReach(resources: readonly BuiltResource[], from: End, to: End, port: number): boolean {
  const policies = resources.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec as Spec);
  return permits(policies, 'Egress', from, port, to) && permits(policies, 'Ingress', to, port, from);
}

type Spec = NonNullable<INetworkPolicy['spec']>;

/** A pod that no policy of a direction selects is open in it; one that is selected needs a rule that lets the peer in. */
function permits(
  policies: readonly Spec[],
  direction: 'Ingress' | 'Egress',
  end: End,
  port: number,
  peer: End,
): boolean {
  if (end.namespace || !end.pod) return true;
  const { pod } = end;
  const selecting = policies.filter(
    (policy) => policy.policyTypes?.includes(direction) && selects(policy.podSelector as Selector, pod),
  );
  if (selecting.length === 0) return true;
  return selecting.some((policy) => {
    const rules =
      direction === 'Egress'
        ? (policy.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }))
        : (policy.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }));
    return rules.some(
      ({ peers, ports }) =>
        (ports ?? []).some((allowed) => allowed.port === port) &&
        (peers === undefined || peers.some((one) => isPeer(one, peer))),
    );
  });
}

function isPeer({ podSelector, namespaceSelector }: INetworkPolicyPeer, { pod, namespace }: End): boolean {
  if (namespaceSelector) {
    return namespace !== undefined && selects(namespaceSelector as Selector, namespace);
  }
  return namespace === undefined && pod !== undefined && selects(podSelector as Selector, pod);
}

/** Whether a label selector selects labels; knows the operators that the fleet uses. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new RangeError(`selectors with ${operator} are not understood here`);
      return values?.includes(labels[key] ?? '') ?? false;
    })
  );
}
