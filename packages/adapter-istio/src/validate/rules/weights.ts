import { each, type Report } from './report.js';

/** Up to this minor version shares were percentages. */
const LAST_WITH_PERCENTAGES = 14;

/** The shares of destinations (istio/istio `pkg/config/validation`, validateHTTPRouteDestinations, 1.14 and 1.31). */
export function weightFaults(route: readonly { readonly weight?: number }[], pointer: string, minor: number, report: Report): void {
  const percentages = minor <= LAST_WITH_PERCENTAGES;
  each(route, pointer, ({ weight = 0 }, at) => {
    if (weight < 0) report(`${at}/weight`, `must be 0 or more, not ${weight}`);
    if (percentages && weight > 100) report(`${at}/weight`, `must be 100 at most up to Istio 1.14, not ${weight}`);
  });
  if (route.length < 2) return;
  const total = route.reduce((sum, { weight = 0 }) => sum + weight, 0);
  if (total === 0) report(pointer, 'one of several destinations must have a weight above 0');
  else if (percentages && total !== 100) report(pointer, `weights must sum to 100 up to Istio 1.14, not to ${total}`);
}
