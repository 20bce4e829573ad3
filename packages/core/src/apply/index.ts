export { applyPlan } from './apply-plan.js';
export * from './foreign-edits.js';
export { type LostField, lostFields } from './lost-fields.js';
export { rehearse } from './rehearse.js';
export * from './types.js';
