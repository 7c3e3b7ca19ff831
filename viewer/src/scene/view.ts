// Types of the scene that other folders speak of, without drawing its library in.
/** Where the eye is: height in the vertical datum, angles in degrees, pitch negative downwards. */
export interface View { lon: number; lat: number; height: number; heading: number; pitch: number; belowGround: boolean }

export interface Pit {
  lon: number; lat: number;
  /** metres across, along, and down from the ground */
  width: number; length: number; depth: number;
  /** degrees clockwise from north to the pit's length */
  turn: number;
}

/** Depths below the ground that are shown, m; from 0 means from the top without limit, to null without limit downwards. */
export interface DepthRange { from: number; to: number | null }
