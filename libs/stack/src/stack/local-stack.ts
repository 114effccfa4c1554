/** A running stack: where everything is, and the handles by which tests stop, kill and start its parts. */
export interface LocalStack {
  /** host:port of the broker. */
  readonly kafka: string;
  /** URL of the superuser to the fleet's database. */
  readonly postgres: string;
  /** URL of Kafka Connect. */
  readonly connect: string;
  /** URL of the mail sink: `GET /messages?to=`. */
  readonly mail: string;
  /** URL of the keeper: its health and its metrics. */
  readonly keeper: string;
  /** Base URL of the page and the API of what keeps the traces; null when they go nowhere. */
  readonly traces: string | null;
  /** Started service → URL of its first instance. */
  readonly services: Readonly<Record<string, string>>;
  /** Started service → URLs of all its instances. */
  readonly replicas: Readonly<Record<string, readonly string[]>>;
  /** Name → pid of what lives now: postgres, kafka, connect, keeper, order, `inventory#2`, … */
  processes(): Record<string, number>;
  /** URL of a trace's page; the trace id alone where traces go to somebody else's receiver or nowhere. */
  traceLink(traceId: string): string;
  /** What to know before following a trace's link; undefined when there is nothing. */
  traceNote(traceId: string): string | undefined;
  /** URL of the fleet's database for a role; throws `StackError` PROCESS for a role without a password. */
  urlFor(role: string): string;
  /** Name and password of a principal on secured brokers; undefined on open ones, and for a principal without any. */
  kafkaLogin(principal: string): { readonly username: string; readonly password: string } | undefined;
  /** Environment of a service's first instance; its port is reserved for it also when it is not started. */
  environmentOf(service: string): Record<string, string>;
  /** Prepares database, topics and capture (once), then starts the services that do not run yet and waits for all. */
  startServices(names?: readonly string[]): Promise<void>;
  /** Ends a process gracefully (Postgres: fast shutdown) and holds it down until `start`. */
  stop(name: string): Promise<void>;
  /** Sends a signal (default SIGKILL); a process that dies of it is started again. */
  kill(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** Starts a process that was stopped; resolves when it is ready. */
  start(name: string): Promise<void>;
  /** Resolves when the process is ready. */
  ready(name: string): Promise<void>;
  /** Stops everything: services, keeper, Connect, then Kafka and Postgres. Safe to call twice. */
  close(): Promise<void>;
}
