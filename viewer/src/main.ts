import "./ui/style.css";
import { start } from "./ui/start";

void start(document.getElementById("app") as HTMLElement);
