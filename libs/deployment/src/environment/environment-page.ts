import { describeVariables, type VariableDescription } from '@millrace/config';
import type { ServiceTopology } from '@millrace/contracts';
import type { ConfigFile } from './declarations.js';
import { keeperCommand, programsOf, type Program } from './programs.js';

const INTRODUCTION = `# Environment

Every variable that a program of the fleet reads, made by \`npm run generate\` from the declarations in the \`*.config.ts\`
files. Nothing else reads the environment. A program that lacks a required variable, or is given a malformed one, names all
of them in one message and ends with code 1.
`;

/** The reference of all variables (docs/environment.md): first what every service reads, then each program's own. */
export function environmentPage(services: readonly ServiceTopology[], files: readonly ConfigFile[]): string {
  const programs = programsOf(services, files);
  const serving = programs.filter(({ kind }) => kind === 'service');
  const common = serving[0]?.variables.filter(({ name }) => serving.every((each) => reads(each, name))) ?? [];
  const shared = new Set(common.map(({ name }) => name));
  const own = serving.map((program) => ({
    title: `\`${program.name}\``,
    variables: program.variables.filter(({ name }) => !shared.has(name)),
  }));
  const migration = programs.find(({ kind }) => kind === 'migration')?.variables ?? [];
  const commands = commandsOf(files).map((command) => ({
    title: `\`keeper ${command}\``,
    variables: keeperCommand(command, 'setup', files).variables,
  }));
  const sections = [
    { title: 'Every service', variables: common.map(withoutPlace) },
    ...own.filter(({ variables }) => variables.length > 0),
    { title: "A service's migrations (`migrate.js`)", variables: migration.map(withoutPlace) },
    { title: '`keeper run`', variables: programs.find(({ kind }) => kind === 'keeper')?.variables ?? [] },
    ...commands,
    { title: 'The mail sink', variables: variablesUnder('libs/mail-sink/', files) },
    { title: '`npm start -- --stack external`', variables: variablesUnder('libs/stack/', files) },
  ];
  return [INTRODUCTION, ...sections.map(section)].join('\n');
}

function reads({ variables }: Program, name: string): boolean {
  return variables.some((variable) => variable.name === name);
}

function commandsOf(files: readonly ConfigFile[]): readonly string[] {
  return files.flatMap(
    ({ path }) => /^apps\/keeper\/src\/commands\/config\/(.*)\.config\.ts$/.exec(path)?.[1] ?? [],
  );
}

function variablesUnder(folder: string, files: readonly ConfigFile[]): readonly VariableDescription[] {
  return files
    .filter(({ path }) => path.startsWith(folder))
    .flatMap(({ declarations }) => declarations)
    .flatMap((declaration) => (typeof declaration === 'function' ? [] : describeVariables(declaration)));
}

/** What differs from service to service is told in words. */
function withoutPlace(variable: VariableDescription): VariableDescription {
  if (variable.name === 'PORT') return { ...variable, default: "the service's in the topology" };
  if (variable.name !== 'DATABASE_URL') return variable;
  const description = 'database, as the role of the service (`<service>_app`; migrations: `<service>_owner`)';
  return { name: variable.name, type: variable.type, required: variable.required, description };
}

function section({ title, variables }: { title: string; variables: readonly VariableDescription[] }): string {
  const rows = variables.map(
    ({ name, type, required, default: standard, description = '', example }) =>
      `| \`${name}\` | ${type} | ${required ? '**required**' : standardText(standard)} | ${description}${example ? ` (\`${example}\`)` : ''} |`,
  );
  return `## ${title}\n\n| Variable | Type | Default | Meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function standardText(standard: string | undefined): string {
  if (standard === undefined) return '';
  return standard.includes(' ') ? standard : `\`${standard}\``;
}
