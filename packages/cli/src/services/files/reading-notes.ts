import { type Place, placeText } from './types.js';

/** More of one kind than this are one note: they would hide the others. */
const MOST = 3;

/** What was passed over, each as `place: why`. */
export function passedOverNotes(passed: readonly string[]): readonly string[] {
  if (passed.length <= MOST) return passed.map((one) => `${one}, passed over.`);
  const charts = passed.filter((one) => one.includes(': a Helm chart'));
  if (charts.length > 0)
    return [...charts.map((one) => `${one}, passed over.`), ...passedOverNotes(passed.filter((one) => !charts.includes(one)))];
  return [`${passed.length} documents are passed over, such as ${passed[0]} (name their files to see why).`];
}

/** Objects that stand in several places, of which the last counts. */
export function severalNotes(objects: readonly { readonly name: string; readonly places: readonly Place[] }[]): readonly string[] {
  const [first] = objects;
  if (first === undefined) return [];
  if (objects.length > MOST) {
    const such = `${first.name} (${shortened(first.places)})`;
    return [
      `${objects.length} objects are in several places, such as ${such}; the last of each counts. Name only files that are applied together.`,
    ];
  }
  return objects.map(({ name, places }) => {
    const [one, two] = places;
    if (places.length > 2 || one === undefined || two === undefined)
      return `${name} is in ${places.length} places (${shortened(places)}); the last counts.`;
    const both = one.file === two.file ? `${placeText(one)} and line ${two.line}` : `${placeText(one)} and ${placeText(two)}`;
    return `${both} both hold ${name}; the last counts.`;
  });
}

function shortened(places: readonly Place[]): string {
  const texts = places.slice(0, 4).map(placeText);
  return `${texts.join(', ')}${places.length > texts.length ? ' and more' : ''}`;
}
