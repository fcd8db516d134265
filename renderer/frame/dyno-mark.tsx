/** The mark: an open gauge whose needle has passed the middle. The same drawing as resources/icons/dyno.svg. */
export const DynoMark = ({ size = 30 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden>
    <path d="M6.8 25.2a13 13 0 1 1 18.4 0" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
    <path d="M16 16 23.2 8.8" stroke="var(--dyno-accent)" strokeWidth="3.4" strokeLinecap="round" />
    <circle cx="16" cy="16" r="3.1" fill="var(--dyno-accent)" />
  </svg>
);
