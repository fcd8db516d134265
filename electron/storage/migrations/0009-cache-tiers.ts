/** Requests by cache tier in the sums of the hour; hours of before it was kept have none in any. */
export const cacheTiers = `
  ALTER TABLE usage_hours ADD COLUMN tier_none INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage_hours ADD COLUMN tier_prefix INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage_hours ADD COLUMN tier_exact INTEGER NOT NULL DEFAULT 0;
`;
