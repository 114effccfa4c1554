/** The first request of every order that has no decision yet, in order. */
export function undecided<Request extends { readonly orderId: string }>(
  requests: readonly Request[],
  decided: ReadonlySet<string>,
): Request[] {
  const seen = new Set(decided);
  return requests.filter(({ orderId }) => {
    if (seen.has(orderId)) return false;
    seen.add(orderId);
    return true;
  });
}
