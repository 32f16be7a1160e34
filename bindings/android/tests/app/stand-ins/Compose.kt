@file:Suppress("UNUSED_PARAMETER", "UnusedReceiverParameter")

package androidx.activity.compose

import androidx.activity.ComponentActivity
import androidx.compose.runtime.Composable

fun ComponentActivity.setContent(content: @Composable () -> Unit): Unit = error("only Android has a window")
