/** Tokens of an hour at the prices they were written with; no line for what had no price, nor for hours before. */
export const usageCosts = `
  CREATE TABLE usage_costs (
    hour_ms INTEGER NOT NULL,
    tenant_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    model TEXT NOT NULL,
    currency TEXT NOT NULL,
    sheet_model TEXT NOT NULL,
    sheet_from_day TEXT NOT NULL,
    prompt_micro INTEGER NOT NULL,
    cached_micro INTEGER NOT NULL,
    output_micro INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    PRIMARY KEY (hour_ms, tenant_id, project_id, key_id, model, currency, sheet_model, sheet_from_day,
      prompt_micro, cached_micro, output_micro)
  ) STRICT;
`;
