import type { Examine } from '../shrink/shrink-case.ts';
import { shrinkCase } from '../shrink/shrink-case.ts';
import type { Tally } from '../tally.ts';
import { featuresOf, spread } from './features.ts';
import { keepCase, keptTexts, type Recorded } from './keep-case.ts';

type Versions = Omit<Recorded, 'case' | 'found'>;

/** Keeps the smallest form of each case that differs; says what became of each. */
export async function keepDiffering({ differing }: Tally, examine: Examine, batch: number, versions: Versions): Promise<readonly string[]> {
  const said: string[] = [];
  for (const { number, routingCase, differences } of differing) {
    const [first] = differences;
    const small = first === undefined ? undefined : await shrinkCase(routingCase, first, examine, batch);
    said.push(
      small === undefined
        ? `${routingCase.id}: the difference did not come again, nothing is kept`
        : `${await keepCase(small.text, { ...versions, case: number, found: small.difference.says })} from ${routingCase.id}`,
    );
  }
  return said;
}

/** Keeps cases that agree, each for features that no kept one shows; says which. */
export async function keepAgreeing({ agreeing }: Tally, count: number, versions: Versions): Promise<readonly string[]> {
  const shown = new Set((await keptTexts()).flatMap((text) => [...featuresOf(text)]));
  const numbers = new Map(agreeing.map(({ number, text }) => [text, number]));
  const said: string[] = [];
  for (const text of spread([...numbers.keys()], shown, count)) {
    const number = numbers.get(text) ?? 0;
    said.push(`${await keepCase(text, { ...versions, case: number })} from case ${number}`);
  }
  return said;
}
