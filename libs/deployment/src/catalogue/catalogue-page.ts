import {
  consumersOf,
  topicsOf,
  type EventDefinition,
  type OwnedTopic,
  type ServiceTopology,
  type TopicSpecification,
} from '@millrace/contracts';

const DAY_MS = 24 * 60 * 60 * 1_000;

const INTRODUCTION = `# Events

Who tells what to whom, made by \`npm run generate\` from the contracts and the topology in \`libs/contracts\`.
`;

/** The catalogue (docs/catalogue.md): every domain topic with its events, and the topics beside them. */
export function cataloguePage(services: readonly ServiceTopology[]): string {
  const owned = services.flatMap((service) => service.produces.map((topic) => ({ service, topic })));
  return [
    INTRODUCTION,
    overview(owned, services),
    ...owned.flatMap(({ topic }) => topic.events.map((event) => eventSection(event, topic))),
    besideSection(topicsOf(services)),
  ].join('\n');
}

function overview(
  owned: readonly { readonly service: ServiceTopology; readonly topic: OwnedTopic }[],
  services: readonly ServiceTopology[],
): string {
  const rows = owned.map(({ service, topic }) => {
    const readers = consumersOf(services, topic.name).map(({ name }) => name);
    const types = topic.events.map(({ type }) => `[\`${type}\`](#${anchor(type)})`);
    return `| \`${topic.name}\` | ${service.name} | ${types.join(', ')} | ${readers.join(', ') || 'nobody yet'} | ${topic.partitions} | ${days(topic.retentionMs)} |`;
  });
  return `## Topics\n\n| Topic | Owner | Events | Consumers | Partitions | Kept |\n| --- | --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function eventSection(event: EventDefinition, topic: OwnedTopic): string {
  const personal = event.personalData.map((pointer) => `\`${pointer}\``).join(', ');
  return [
    `## ${event.type}\n`,
    `${event.summary}\n`,
    `- Topic \`${topic.name}\`, key \`${event.key}\`, version ${event.version} (\`${event.dataSchema}\`)`,
    `- In every service within ${event.freshnessMs / 1_000} s of its commit`,
    `- Personal data: ${personal || 'none'}\n`,
    `\`\`\`json\n${JSON.stringify(event.examples[0], null, 2)}\n\`\`\`\n`,
  ].join('\n');
}

function besideSection(topics: readonly TopicSpecification[]): string {
  const rows = topics
    .filter(({ kind }) => kind !== 'domain')
    .map(
      ({ name, owner, kind, partitions, retentionMs }) =>
        `| \`${name}\` | ${owner} | ${kind} | ${partitions} | ${days(retentionMs)} |`,
    );
  return `## Topics beside them\n\nA group's own: events that wait for another try, that are dead, or that are replayed to it.\n\n| Topic | Group | For | Partitions | Kept |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function days(ms: number): string {
  return `${ms / DAY_MS} days`;
}

/** How Markdown renderers name a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}
