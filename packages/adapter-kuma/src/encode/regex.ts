import { compileRe2, refuse } from '@heddle/core';

/** Envoy takes RE2 and must match the whole value. `what` names the condition in a refusal: `header x-dev`. */
export function refuseRegex(regex: string, what: string): ReturnType<typeof refuse> | undefined {
  if (regex === '') return refuse('invalid-regex', `${what}: an empty regular expression matches nothing that is there`);
  const compiled = compileRe2(regex);
  if (!('invalid' in compiled)) return undefined;
  return refuse(
    'invalid-regex',
    `${what}: ${JSON.stringify(regex)} is no RE2 expression: ${compiled.invalid}`,
    'RE2 has no lookaround and no back-references',
  );
}

export const regexHolds = (regex: string, value: string): boolean => {
  const compiled = compileRe2(regex);
  return 'matches' in compiled && compiled.matches(value);
};
