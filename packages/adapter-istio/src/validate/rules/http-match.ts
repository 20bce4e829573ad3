import { pointerTo } from '@heddle/core';
import type { stringMatch } from '../schema/field-types.js';
import type { Stored } from '../schema/schema.js';
import type { HttpRule } from '../schema/virtual-service.js';
import { matchedHeaderFault } from '../values/header.js';
import { isDnsLabel } from '../values/names.js';
import { regexFault } from '../values/regex.js';
import { gatewayNameFaults, labelFaults, portFault } from './fields.js';
import type { Report } from './report.js';

type HttpMatch = NonNullable<HttpRule['match']>[number];
type StringMatch = Stored<typeof stringMatch>;

/** istio/istio `pkg/config/validation/virtualservice.go`, validateHTTPRouteMatchRequest, 1.31. */
export function matchFaults(match: HttpMatch, pointer: string, report: Report): void {
  headerMatchFaults(match.headers, `${pointer}/headers`, stringMatchFault, report);
  // The pattern `*` stands for presence here, and is no RE2 expression.
  headerMatchFaults(
    match.withoutHeaders,
    `${pointer}/withoutHeaders`,
    (is) => (is.regex === '*' ? undefined : stringMatchFault(is)),
    report,
  );
  for (const [name, is] of Object.entries(match.queryParams ?? {})) report(pointerTo(`${pointer}/queryParams`, name), stringMatchFault(is));
  // A path may begin with nothing; the others may not.
  report(`${pointer}/uri`, regexMatchFault(match.uri ?? {}));
  for (const key of ['scheme', 'method', 'authority'] as const) report(`${pointer}/${key}`, stringMatchFault(match[key] ?? {}));
  const { port = 0, sourceNamespace = '' } = match;
  if (port !== 0) report(`${pointer}/port`, portFault(port));
  labelFaults(match.sourceLabels, `${pointer}/sourceLabels`, report);
  gatewayNameFaults(match.gateways, `${pointer}/gateways`, report);
  if (sourceNamespace !== '' && !isDnsLabel(sourceNamespace))
    report(`${pointer}/sourceNamespace`, `${JSON.stringify(sourceNamespace)} is no name of a namespace`);
}

function headerMatchFaults(
  headers: Readonly<Record<string, StringMatch>> | undefined,
  pointer: string,
  because: (is: StringMatch) => string | undefined,
  report: Report,
): void {
  for (const [name, is] of Object.entries(headers ?? {})) {
    report(pointer, matchedHeaderFault(name));
    report(pointerTo(pointer, name), because(is));
  }
}

const stringMatchFault = (is: StringMatch): string | undefined => (is.prefix === '' ? 'its prefix must not be empty' : regexMatchFault(is));

export function regexMatchFault({ regex }: StringMatch): string | undefined {
  const because = regex === undefined ? undefined : regexFault(regex);
  return because === undefined ? undefined : `its regex ${because}`;
}
