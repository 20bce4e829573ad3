/** A token of RFC 9110, with the comma that istiod takes too (istio/istio `pkg/config/validation`, validHeaderNameRegex, 1.31). */
const TOKEN = /^[!#$%&'*+,\-.^_`|~A-Za-z0-9]+$/;
const PSEUDO = [':method', ':scheme', ':authority', ':path', ':status'];

/** A header that a rule looks at: one of HTTP/2's own, a claim of a token, or a token (istio/istio `pkg/config/validation`, 1.31). */
export function matchedHeaderFault(name: string): string | undefined {
  return name !== '' && (TOKEN.test(name) || PSEUDO.includes(name) || isClaim(name)) ? undefined : noHeader(name);
}

export const corsHeaderFault = (name: string): string | undefined => (TOKEN.test(name) ? undefined : noHeader(name));

/** `@request.auth.claims.a.b` or `@request.auth.claims[a][b]` (istio/istio `pkg/jwt`, ToRoutingClaim, 1.31). */
export const isClaim = (name: string): boolean => /^@request\.auth\.claims(?:\..+|\[.+\])$/is.test(name);

export const isAuthority = (name: string): boolean => /^(?:host|:authority)$/i.test(name);

/** A header that a rule sets in requests: the host too, as that alone of HTTP/2's own. */
export function setHeaderFault(name: string): string | undefined {
  if (name === '') return noHeader(name);
  return name.startsWith(':') && !isAuthority(name) ? 'of the headers of HTTP/2 itself only :authority can be set' : undefined;
}

/** A header that a rule takes out of requests, or changes in responses. */
export function changedHeaderFault(name: string): string | undefined {
  if (name === '') return noHeader(name);
  return name.startsWith(':') || isAuthority(name) ? 'the host and the headers of HTTP/2 itself cannot be changed here' : undefined;
}

const noHeader = (name: string): string =>
  name === '' ? 'the name of a header is empty' : `${JSON.stringify(name)} is no name of a header`;

/** Those of ASCII, but for the tab. */
const CONTROL = /[^\P{Cc}\t\u0080-\u009f]/u;
/** What stands in quotes or brackets: a backslash takes the next character. */
const ARGUMENT = String.raw`(?:\\[^]|[^\\")])*`;
/** Arguments that have begun, to the closing `%`: `a) %`, `a", "b"] ) %`. */
const ARGUMENTS = String.raw`${ARGUMENT}(?:" *, *"${ARGUMENT})*(?:\)|" *\] *\)) *%`;
/** `%NAME%`, `%NAME(argument)%` or `%NAME(["argument", …])%`. */
const VARIABLE = String.raw`%(?!%)[^%(]*(?:%|\( *(?:\[ *"|[^ [])${ARGUMENTS})`;
const VALUE = new RegExp(`^(?:[^%]|%%|${VARIABLE})*$`, 'u');

/** What Envoy makes a header of: text with its variables (istio/istio `pkg/config/validation`, ValidateHTTPHeaderValue, 1.31). */
export function headerValueFault(value: string): string | undefined {
  if (CONTROL.test(value)) return 'there must be no control characters in the value of a header';
  if (!value.includes('%') || VALUE.test(value)) return undefined;
  return `${JSON.stringify(value)} holds a % that begins no variable of Envoy; %% stands for the character`;
}
