// The scene's colours in both themes, tokens of the visual language.
export type Theme = "dark" | "light";

export interface ScenePalette {
  background: string; ground: string; grid: string; strong: string; street: string; kerb: string;
  wall: string; floor: string; metre: string;
}

export const palettes: Record<Theme, ScenePalette> = {
  dark: {
    background: "#0B1017", ground: "#101B28", grid: "#2A3B4E", strong: "#3C5268", street: "#2C435C", kerb: "#6F8FAF",
    wall: "#5A4029", floor: "#47331F", metre: "#C9A06B",
  },
  light: {
    background: "#F5F7F9", ground: "#E4E9EE", grid: "#C9D2DB", strong: "#A9B6C3", street: "#FFFFFF", kerb: "#93A3B3",
    wall: "#CDB595", floor: "#DCC9AD", metre: "#6E4F28",
  },
};
