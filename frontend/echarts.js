// The part of ECharts that our charts use, as the global `echarts` that the
// crate charming calls. The page loads it only where there is a chart.
//
// Importing piece by piece keeps it at half of the full library's size. A new
// kind of chart needs its piece listed here, or ECharts leaves it blank.
import { BarChart, HeatmapChart, LineChart, TreemapChart } from "echarts/charts";
import {
  AriaComponent,
  CalendarComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from "echarts/components";
import {
  dispose,
  getInstanceByDom,
  init,
  registerTheme,
  use,
  version,
} from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  // Hatches what isn't finished.
  AriaComponent,
  BarChart,
  CalendarComponent,
  CanvasRenderer,
  // Inside (wheel, fingers) and slider.
  DataZoomComponent,
  GridComponent,
  HeatmapChart,
  // Plain and scrolling.
  LegendComponent,
  LineChart,
  MarkAreaComponent,
  TooltipComponent,
  TreemapChart,
  VisualMapContinuousComponent,
]);

window.echarts = { dispose, getInstanceByDom, init, registerTheme, version };
