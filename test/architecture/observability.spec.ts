import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  alertGroups,
  fleetVocabulary,
  generatedFiles,
  labelsOf,
  withRecordings,
} from '@millrace/observability';
import { ROOT } from './repository.js';

const GENERATED = join(ROOT, 'deploy/observability');
const RUNBOOKS = join(ROOT, 'docs/runbooks');

const vocabulary = withRecordings(
  fleetVocabulary(),
  alertGroups.flatMap(({ recordings }) => recordings),
);
const runbooks = globSync('*.md', { cwd: RUNBOOKS }).map((name) => ({
  name,
  text: readFileSync(join(RUNBOOKS, name), 'utf8'),
}));

describe('deploy/observability', () => {
  it.each([...generatedFiles()])('holds %s as `npm run generate` writes it', (path, content) => {
    expect(readFileSync(join(GENERATED, path), 'utf8')).toBe(content);
  });

  it('holds nothing that is no longer generated', () => {
    const found = globSync('{*.yml,rules/*,dashboards/*}', { cwd: GENERATED });
    expect(found.toSorted()).toEqual([...generatedFiles().keys()].toSorted());
  });
});

describe('the runbooks', () => {
  it.each(alertGroups.map(({ name, alerts }) => [name, alerts.map((alert) => alert.name)] as const))(
    '%s has a section for each of its alerts and for no other',
    (name, alerts) => {
      const text = runbooks.find((runbook) => runbook.name === `${name}.md`)?.text ?? '';
      const headings = [...text.matchAll(/^## (\w+)$/gm)].map(([, heading]) => heading);
      expect(headings.toSorted()).toEqual(alerts.toSorted());
    },
  );

  it.each(runbooks.map(({ name, text }) => [name, text] as const))(
    '%s asks in its PromQL for metrics and labels that exist',
    (_, text) => {
      const queries = [...text.matchAll(/^ *```promql\n(.*?)```$/gms)].map(([, query]) => query ?? '');
      const named = [...text.matchAll(/`(millrace_\w+)`/g)].map(([, series]) => series ?? '');
      for (const expression of [...queries, ...named]) {
        expect(() => labelsOf(expression, vocabulary)).not.toThrow();
      }
    },
  );

  it.each(runbooks.map(({ name, text }) => [name, text] as const))(
    '%s links to what exists and names programs that exist',
    (_, text) => {
      const links = [...text.matchAll(/\]\(([^)#]+\.md|[^)#]+\/)(?:#[\w-]+)?\)/g)].map(
        ([, path]) => path ?? '',
      );
      expect(links.filter((path) => !existsSync(join(RUNBOOKS, path)))).toEqual([]);
      const sections = [...text.matchAll(/\]\(([\w-]+\.md)?#([\w-]+)\)/g)].map(([, file, section]) => ({
        text: file === undefined ? text : (runbooks.find(({ name }) => name === file)?.text ?? ''),
        section: section ?? '',
      }));
      expect(sections.filter((each) => !anchorsOf(each.text).includes(each.section))).toEqual([]);
      const programs = [...text.matchAll(/node (apps\/[\w-]+)\/dist\/([\w-]+)\.js/g)];
      const sources = programs.map(([, app, entry]) => `${app ?? ''}/src/${entry ?? ''}.ts`);
      expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    },
  );
});

/** The names by which the headings of a page can be linked to. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^##+ (.+)$/gm)].map(([, heading]) =>
    (heading ?? '').toLowerCase().replaceAll(' ', '-'),
  );
}
