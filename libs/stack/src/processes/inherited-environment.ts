const ALLOWED = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'JAVA_HOME', 'LOG_LEVEL'];

/**
 * What a process of the stack takes over from our environment: where programs and the user are, nothing that could
 * reconfigure it by accident. `also` names further variables, or prefixes when they end with `_`.
 */
export function inheritedEnvironment(
  environment: NodeJS.ProcessEnv,
  also: readonly string[] = [],
): Record<string, string> {
  const wanted = (name: string) =>
    ALLOWED.includes(name) ||
    also.some((other) => (other.endsWith('_') ? name.startsWith(other) : name === other));
  const pairs = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && wanted(name) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(pairs);
}
