import { fileURLToPath } from 'node:url';
import { inputError, type MeshAdapter } from '@heddle/core';
import type { Case, CaseResult, Level } from '../cases/case.js';
import { loadCases } from '../cases/load-cases.js';
import { kitFile } from '../stage/kit-files.js';
import { loadStages } from '../stage/load-stage.js';
import { placeOf, unlessSaidAway } from '../stage/place-of.js';
import type { Stage } from '../stage/stage.js';
import { worldCases } from '../stage/world-cases.js';
import { loadWorldDefinitions } from '../stage/world-definitions.js';

export interface Choice {
  /** The package's folder, which holds `conformance/`. */
  readonly packageDir: string | URL;
  /** `core`: its cases alone; `extended`, the default: all. */
  readonly level?: Level;
  /** Just these: by id, by an id's part before the dot, or by number. */
  readonly only?: readonly string[];
  /** Just this one of the package's environments, by name. */
  readonly environment?: string;
}

/** The cases that an adapter has to stand on one of its stages. */
export interface Prepared {
  readonly stage: Stage;
  readonly cases: readonly Case[];
  /** What is decided without running: worlds that are not there. */
  readonly results: readonly CaseResult[];
}

/** Reads the kit's cases and the package's worlds and own cases. Throws usage errors that name the file and what is wrong with it, or `unknown-case`. */
export async function prepareConformance(adapter: MeshAdapter, choice: Choice): Promise<readonly Prepared[]> {
  const definitions = await loadWorldDefinitions();
  const known = definitions.map(({ name }) => name);
  const all = await loadStages(folderOf(choice.packageDir), known);
  const stages = all.filter(({ name }) => choice.environment === undefined || name === choice.environment);
  if (stages.length === 0) throw unknown('environment', all.map(({ name }) => name).join(', '), choice.environment);
  const prepared = await Promise.all(
    stages.map(async (stage): Promise<Prepared> => {
      const place = placeOf(stage);
      const worlds = worldCases(stage, definitions, place, adapter);
      const neutral = await loadCases(kitFile('cases'), place);
      const own = stage.cases === undefined ? [] : await loadCases(stage.cases, place);
      const chosen = ({ id, number, level }: CaseResult | Case) => isChosen(choice, id, number, level);
      return {
        stage,
        cases: [...worlds.cases, ...neutral, ...own].filter(chosen).map((test) => unlessSaidAway(stage, test)),
        results: worlds.results.filter(chosen),
      };
    }),
  );
  const found = prepared.some(({ cases, results }) => cases.length + results.length > 0);
  if (!found) throw unknown('only', "a case's id or number", choice.only?.join(', '));
  return prepared;
}

const unknown = (path: string, expected: string, received = 'nothing') => inputError('unknown-case', { path, expected, received });

export const folderOf = (packageDir: string | URL): string => (packageDir instanceof URL ? fileURLToPath(packageDir) : packageDir);

function isChosen({ level = 'extended', only = [] }: Choice, id: string, number: number | undefined, of: Level): boolean {
  if (level === 'core' && of !== 'core') return false;
  return only.length === 0 || only.some((one) => one === id || id.startsWith(`${one}.`) || one === String(number));
}
