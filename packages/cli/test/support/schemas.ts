import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { CLI_ROOT } from './run-command.js';

const FOLDER = join(CLI_ROOT, 'schemas');

function compiler(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
  for (const file of readdirSync(FOLDER)) ajv.addSchema(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
  return ajv;
}

/** Fails unless the value has the shape that schemas/<name>.json publishes. */
export function expectShape(name: string, value: unknown): void {
  shapeChecker(name)(value);
}

/** The same for many values: schemas are compiled once. */
export function shapeChecker(name: string): (value: unknown) => void {
  const validate = compiler().getSchema(`${name}.json`);
  if (validate === undefined) throw new Error(`there is no schema ${name}`);
  return (value) => expect(validate(value) ? [] : validate.errors, `schemas/${name}.json`).toEqual([]);
}
