/** What tokens cost, by model, currency and day. */
export const prices = `
  CREATE TABLE price_sheets (
    model TEXT NOT NULL,
    currency TEXT NOT NULL,
    from_day TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (model, currency, from_day)
  ) STRICT;
`;
