// The part of Apache ECharts that the evaluator's charts use. esbuild makes one
// file of it, loaded when a chart comes near the screen and not before.

/*! Apache ECharts: Apache-2.0. zrender: BSD-3-Clause, Baidu Inc. */
import { BarChart, HeatmapChart, LineChart, SankeyChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TitleComponent, VisualMapComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';

use([BarChart, HeatmapChart, LineChart, SankeyChart, AriaComponent, GridComponent, LegendComponent, TitleComponent, VisualMapComponent, CanvasRenderer, SVGRenderer]);

export { init };
