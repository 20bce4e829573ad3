/** The API group of Istio before 0.8. */
export const LEGACY = 'config.istio.io';
