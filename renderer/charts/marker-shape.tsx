import type { SeriesMarker } from './chart-look.ts';

/** A marker of a legend, in the middle of 26 × 10. */
export const MarkerShape = ({ marker, color }: { readonly marker: SeriesMarker; readonly color: string }) => {
  switch (marker) {
    case 'circle':
      return <circle cx="13" cy="5" r="3.5" fill={color} />;
    case 'triangle':
      return <path d="M13 1 17 8.5H9z" fill={color} />;
    case 'rect':
      return <rect x="9.5" y="1.5" width="7" height="7" fill={color} />;
    case 'rectRot':
      return <path d="M13 0.5 17.5 5 13 9.5 8.5 5z" fill={color} />;
    case 'crossRot':
      return <path d="m10 2 6 6m0-6-6 6" stroke={color} strokeWidth="2" />;
    case 'star':
      return <path d="M13 0.5v9M8.5 5h9M10 2l6 6m0-6-6 6" stroke={color} strokeWidth="1.2" />;
    default:
      return marker satisfies never;
  }
};
